import { type Prepared } from './area.fixture';
import { newStage, type Stage } from './cast.fixture';
import { type As } from './consortium.fixture';

/** Where the tests of a file begin, each with a copy of its own. */

/** Goes back to how a stage is now, as often as one likes. */
export function returnTo({ cast, patient }: Stage): () => void {
  const { now } = cast;
  const { key, next } = patient;
  const state = cast.state.fork();
  return () => {
    cast.state = state.fork();
    cast.now = now;
    patient.key = key;
    patient.next = next;
  };
}

/** Each test of a file gets its own copy of the world, so that no test builds on another's writes. */
export function useStage(): () => Stage {
  let stage: Stage | undefined;
  let toBeginning: (() => void) | undefined;
  beforeAll(async () => {
    stage = await newStage();
    toBeginning = returnTo(stage);
  });
  beforeEach(() => {
    if (toBeginning === undefined) throw new Error('no stage');
    toBeginning();
  });
  return () => {
    if (stage === undefined) throw new Error('no stage');
    return stage;
  };
}

/** What a sample prepares is made once for all tests of a transaction; each begins with its own copy of it. */
export function usePrepared(
  stage: () => Stage,
  { prepare }: { readonly prepare: (stage: Stage) => Prepared | Promise<Prepared> },
): () => Prepared {
  let prepared: Prepared | undefined;
  let toPrepared: (() => void) | undefined;
  beforeEach(async () => {
    if (toPrepared === undefined) {
      prepared = await prepare(stage());
      const toState = returnTo(stage());
      const toKeys = returnToKeys(prepared.as);
      toPrepared = () => {
        toState();
        toKeys();
      };
    }
    toPrepared();
  });
  return () => {
    if (prepared === undefined) throw new Error('nothing was prepared');
    return prepared;
  };
}

/** Whoever signs with one-time keys goes back to the ones they have now. */
function returnToKeys(as: As): () => void {
  if (!('next' in as)) return () => undefined;
  const { key, next } = as;
  return () => {
    as.key = key;
    as.next = next;
  };
}
