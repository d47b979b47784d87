import { PeerLine } from '../peer-line';
import { hireRoster } from '../roster';
import { Scenario } from '../scenario';
import { replayCases } from './replay-cases';
import { secretCases, type Told } from './secret-cases';
import { type GetWorld, type World } from './world';

/** Whose transactions the story of identity tells; that of care tells all others. */
export const contractsOfIdentity: ReadonlySet<string> = new Set([
  'CapacityContract',
  'MatchingContract',
  'PinContract',
  'PointerContract',
  'RecoveryContract',
  'SummaryContract',
]);

/** Cases about one thing: its title, and what declares them. */
export type Chapter = readonly [title: string, ...cases: ((world: GetWorld) => void)[]];

/**
 * Declares a story: a consortium of three hospitals for all its chapters, and at the end what each node knows and what is secret in all that
 * was told. Each case makes its own patient, so that each can fail by itself. The stories have a consortium each, so that they run side by side.
 */
export function tellStory(name: string, title: string, { chapters, ...told }: { readonly chapters: readonly Chapter[] } & Told): void {
  jest.setTimeout(300_000);
  describe(title, () => {
    let scenario: Scenario | undefined;
    let shared: World | undefined;
    const world = (): World => {
      if (shared === undefined) throw new Error('the consortium did not start');
      return shared;
    };

    beforeAll(async () => {
      let line: PeerLine | undefined;
      scenario = await Scenario.start(name, async (consortium) => {
        const [a, , c] = consortium.hospitals;
        line = await PeerLine.between(consortium, a?.mspId ?? '', c?.mspId ?? '');
      });
      if (line === undefined) throw new Error('the line was not laid');
      shared = { scenario, staff: await hireRoster(scenario), line, secrets: [], salts: [] };
    });
    afterAll(async () => {
      await scenario?.stop();
      shared?.line.close();
    });

    for (const [chapter, ...cases] of chapters) {
      describe(chapter, () => {
        for (const declare of cases) declare(world);
      });
    }
    describe('what a member node knows', () => {
      replayCases(world);
    });
    describe('what is secret in all of this', () => {
      secretCases(world, told);
    });
  });
}
