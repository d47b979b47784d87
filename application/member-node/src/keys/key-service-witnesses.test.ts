import { granteeSchema } from '@lianyi/domain';
import { type PatientsWord } from '../ledger-index/patient-index';
import { KeyService, type KeyServicePorts } from './key-service';
import { genesis, other, own, Ports, recordId, requester, ticketId } from './key-service-world.fixture';

const grantee = granteeSchema.parse({ kind: 'organisation', mspId: requester, name: 'all' });
const release = (ports: Ports) => new KeyService({ mspId: own, channel: 'emr', genesis }, ports).release({ ticketId, recordId }, requester);

describe('KeyService', () => {
  it.each<readonly [string, PatientsWord, string]>([
    ['a consent nobody has signed', { kind: 'unproven' }, 'CONSENT_UNPROVEN'],
    ['a consent that another than the patient has signed', { kind: 'unproven', grantee }, 'CONSENT_UNPROVEN'],
    ['a consent committed too late', { kind: 'late', grantee }, 'CONSENT_LATE'],
    ['a consent the patient has changed since', { kind: 'changed', grantee }, 'TICKET_CLOSED'],
  ])('opens and records nothing for a permit that rests on %s', async (_what, word, code) => {
    const ports = new Ports();
    ports.word = word;
    await expect(release(ports)).rejects.toMatchObject({ code });
    expect(ports.opened).toEqual([]);
    expect(ports.recorded).toEqual([]);
    // a name for what nobody has signed, and for nothing else
    expect(ports.alarms).toEqual(word.kind === 'unproven' ? [word] : []);
  });

  it.each([
    ['one member’s twice', [own, own]],
    ['the own one alone', [own]],
    ['others’ without the own one', [other, requester]],
    ['two other members’ and the own one’s last', [other, requester, own]],
    ['the own one and one other member’s twice', [own, other, other]],
    ['nobody', []],
  ])('is not made with the word of %s', (_whose, mspIds) => {
    const ports = new Ports();
    const [view] = ports.views;
    const spoiled: KeyServicePorts = Object.assign(ports, { views: mspIds.map((mspId) => ({ ticket: () => view?.ticket(), mspId })) });
    expect(() => new KeyService({ mspId: own, channel: 'emr', genesis }, spoiled)).toThrow('two members');
  });
});
