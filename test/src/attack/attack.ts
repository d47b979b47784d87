import { type ConsortiumKind } from '@lianyi/workbench';

/**
 * One defence: the function that is it, and the body that function gets in the undefended build. A row whose function has gone is an
 * error, so that no row outlives its defence.
 */
export interface Defence {
  /** From the root of the checkout, with `/`. */
  readonly file: string;
  /** A function's name, or `Class.method`; exactly one of that name stands in the file. */
  readonly name: string;
  /** What stands between its braces instead, such as `return true;`. */
  readonly body: string;
}

/** How an attack ended. */
export interface AttackOutcome {
  /** Whether the attacker got what the attack is for. */
  readonly succeeded: boolean;
  /** One line: what was refused with which code, or what was gained. No secrets. */
  readonly seen: string;
}

/** Something an attacker would try, as a script that tells how far it came. */
export interface Attack {
  /** The id of the finding that it repeats, such as `H1`. */
  readonly id: string;
  /** What the attacker wants, in one line. */
  readonly title: string;
  /** What stands in its way; with all of them taken out it succeeds. */
  readonly defences: readonly [Defence, ...Defence[]];
  /** Where it is run; the embedded network always. */
  readonly networks: readonly ConsortiumKind[];
  /** On real Fabric its own programs are the defence, which are as they are: there it is tried on the build as it is alone. */
  readonly defendedByFabric?: true;
  /**
   * Runs in a process of its own. It starts what it needs (a `Scenario`, or only the parts that it attacks) and stops that again.
   * @throws when it could not be tried at all, which counts as neither
   */
  readonly run: () => Promise<AttackOutcome>;
}
