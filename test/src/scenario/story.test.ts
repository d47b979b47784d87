import { PeerLine } from './peer-line';
import { hireRoster } from './roster';
import { Scenario } from './scenario';
import { accessCases } from './story/access-cases';
import { assistedCases } from './story/assisted-cases';
import { auditCases } from './story/audit-cases';
import { commandCases } from './story/command-cases';
import { delegationCases } from './story/delegation-cases';
import { deviceCases } from './story/device-cases';
import { duplicateCases } from './story/duplicate-cases';
import { groupCases } from './story/group-cases';
import { inboxCases } from './story/inbox-cases';
import { keyCases } from './story/key-cases';
import { capacityCases } from './story/capacity-cases';
import { cardTokenCases } from './story/card-token-cases';
import { lostPhraseCases } from './story/lost-phrase-cases';
import { pinCases } from './story/pin-cases';
import { pointerCases } from './story/pointer-cases';
import { linkageCases } from './story/linkage-cases';
import { recoveryCases } from './story/recovery-cases';
import { registrationCases } from './story/registration-cases';
import { reshareCases } from './story/reshare-cases';
import { relationshipCases } from './story/relationship-cases';
import { relationshipKindCases } from './story/relationship-kind-cases';
import { replayCases } from './story/replay-cases';
import { replicaCases } from './story/replica-cases';
import { secretCases } from './story/secret-cases';
import { timeCases } from './story/time-cases';
import { type World } from './story/world';

jest.setTimeout(300_000);

/** The story of issue 3 and its refusals, case by case; each makes its own patient, so that each can fail by itself. */
describe('the story of one patient and three hospitals', () => {
  let scenario: Scenario | undefined;
  let shared: World | undefined;
  const world = (): World => {
    if (shared === undefined) throw new Error('the consortium did not start');
    return shared;
  };

  beforeAll(async () => {
    let line: PeerLine | undefined;
    scenario = await Scenario.start('story', async (consortium) => {
      const [a, , c] = consortium.hospitals;
      line = await PeerLine.between(consortium, a?.mspId ?? '', c?.mspId ?? '');
    });
    if (line === undefined) throw new Error('the line was not laid');
    shared = { scenario, staff: await hireRoster(scenario), line, secrets: [] };
  });
  afterAll(async () => {
    await scenario?.stop();
    shared?.line.close();
  });

  describe('registration', () => {
    registrationCases(world);
    cardTokenCases(world);
  });
  describe('a patient’s command', () => {
    commandCases(world);
  });
  describe('who acts for a patient', () => {
    delegationCases(world);
    assistedCases(world);
  });
  describe('a relationship', () => {
    relationshipCases(world);
    relationshipKindCases(world);
  });
  describe('a device', () => {
    deviceCases(world);
  });
  describe('a group of staff', () => {
    groupCases(world);
  });
  describe('a request for access', () => {
    accessCases(world);
  });
  describe('time', () => {
    timeCases(world);
  });
  describe('a key', () => {
    keyCases(world);
  });
  describe('one person at two hospitals', () => {
    // first: who has shares of another key takes none that comes of this one
    reshareCases(world);
    duplicateCases(world);
  });
  describe('a pointer', () => {
    pointerCases(world);
  });
  describe('a lost wallet', () => {
    recoveryCases(world);
    inboxCases(world);
  });
  describe('pseudonyms and summary slots', () => {
    linkageCases(world);
  });
  describe('capacity and death', () => {
    capacityCases(world);
  });
  describe('a lost phrase', () => {
    lostPhraseCases(world);
    pinCases(world);
  });
  describe('replicas', () => {
    replicaCases(world);
  });
  describe('the audit', () => {
    auditCases(world);
  });
  describe('what a member node knows', () => {
    replayCases(world);
  });
  describe('what is secret in all of this', () => {
    secretCases(world);
  });
});
