import { memberOperations } from '@lianyi/client';
import { type AnsweredPart } from '@lianyi/client/matching';
import { isPartOfPin } from '@lianyi/client/pins';
import { assertTimelyGuess } from '@lianyi/domain/deciding';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import { DomainError, type EvaluatedPart, type Instant, type MspId, type Pin, type PinId, type PinVault } from '@lianyi/domain';
import { type Directory } from '../directory';
import { type FollowedPin } from '../ledger-index/pin-index';
import { type MemberKeys } from '../member-keys';
import { firstOf, Overtaken } from '../services/hedge';
import { type NamedGuess } from './pin-answers';

export interface PinHolderServices {
  readonly mspId: MspId;
  readonly directory: Pick<Directory, 'endpoints'>;
  readonly memberKeys: Pick<MemberKeys, 'ask'>;
  readonly stored: (pinId: PinId) => Promise<Pin | undefined>;
  readonly followed: (pinId: PinId) => Promise<FollowedPin | undefined>;
  readonly ownAnswer: (guess: NamedGuess) => Promise<EvaluatedPart>;
  readonly waitFor: <Found>(look: () => Promise<Found | undefined>, timeoutMillis: number) => Promise<Found | undefined>;
  readonly now: () => Instant;
}

/** What came of asking the holders of a PIN. */
export interface CollectedGuess {
  readonly answers: readonly AnsweredPart[];
  /** Who gave no answer, and why. */
  readonly silent: readonly { readonly mspId: MspId; readonly code: string }[];
}

/** A holder that has not answered after this time is not waited for: another is asked beside it. */
const HEDGE_MILLIS = 300;
const TOTAL_MILLIS = 30_000;
const PATIENCE_MILLIS = 5_000;

/** Asks the holders of a PIN, the own hospital first, for their parts of a guess, until as many have answered as it takes. */
export class PinHolders {
  constructor(private readonly services: PinHolderServices) {}

  /**
   * @throws {@link DomainError} `NOT_FOUND` — the guess is not committed, as far as the own chain was followed, or the PIN was removed; `EVALUATION_OVER` —
   * nobody is asked for what nobody answers any more
   */
  async collect(named: NamedGuess): Promise<CollectedGuess> {
    const { vault, blinded } = await this.#asked(named);
    const { mspId: own } = this.services;
    const queue = [...vault.holders].sort((one, other) => Number(other === own) - Number(one === own));
    const silent: CollectedGuess['silent'][number][] = [];
    const answers = await firstOf<MspId, AnsweredPart>({
      next: () => queue.shift(),
      wanted: vault.threshold,
      hedgeMillis: HEDGE_MILLIS,
      totalMillis: TOTAL_MILLIS,
      attempt: async (mspId) => {
        const part = await this.#partOf(mspId, named);
        if (!isPartOfPin(vault, { mspId, part }, blinded)) throw new DomainError('EVALUATION_WRONG', undefined, { mspId });
        return { mspId, part };
      },
      onFailure: (mspId, error) => {
        if (!(error instanceof Overtaken)) silent.push({ mspId, code: codeOf(error) });
      },
    });
    return { answers, silent };
  }

  async #asked({ pinId, attempt }: NamedGuess): Promise<{ readonly vault: PinVault; readonly blinded: AnsweredBlinded }> {
    const { followed, stored, waitFor } = this.services;
    const found = await waitFor(async () => {
      const pin = await followed(pinId);
      return pin?.attempts === attempt ? pin : undefined;
    }, PATIENCE_MILLIS);
    const vault = (await stored(pinId))?.vault;
    if (found?.guess === undefined || vault === undefined) throw new DomainError('NOT_FOUND', undefined, { pinId, attempt });
    assertTimelyGuess(found.guess, this.services.now());
    return { vault, blinded: found.guess.blinded };
  }

  async #partOf(mspId: MspId, named: NamedGuess): Promise<EvaluatedPart> {
    if (mspId === this.services.mspId) return this.services.ownAnswer(named);
    const endpoint = (await this.services.directory.endpoints(mspId)).find(({ kind }) => kind === 'keys');
    if (endpoint === undefined) throw new DomainError('MEMBER_UNAVAILABLE', 'no key service in the directory', { mspId });
    return this.services.memberKeys.ask(endpoint, memberOperations.AnswerPinGuess, named);
  }
}

type AnsweredBlinded = Exclude<FollowedPin['guess'], undefined>['blinded'];

/** @throws what is no failure of the member that was asked */
function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof LedgerFailure) return codeOfFailure(error);
  throw error;
}
