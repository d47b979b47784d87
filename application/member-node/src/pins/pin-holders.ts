import { memberOperations } from '@lianyi/client';
import { isPartOfPin } from '@lianyi/client/pins';
import { assertTimelyGuess } from '@lianyi/domain/deciding';
import { DomainError, type EvaluatedPart, type Instant, type MspId, type Pin, type PinId, type PinVault } from '@lianyi/domain';
import { type Directory, keyServiceOf } from '../directory';
import { type FollowedPin } from '../ledger-index/pin-index';
import { type MemberKeys } from '../member-keys';
import { type CollectedParts, collectParts } from '../services/holder-parts';
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

const PATIENCE_MILLIS = 5_000;

/** Asks the holders of a PIN, the own hospital first, for their parts of a guess, until as many have answered as it takes. */
export class PinHolders {
  constructor(private readonly services: PinHolderServices) {}

  /**
   * @throws {@link DomainError} `NOT_FOUND` — the guess is not committed, as far as the own chain was followed, or the PIN was removed; `EVALUATION_OVER` —
   * nobody is asked for what nobody answers any more
   */
  async collect(named: NamedGuess): Promise<CollectedParts> {
    const { vault, blinded } = await this.#asked(named);
    const { mspId: own } = this.services;
    const ownFirst = [...vault.holders].sort((one, other) => Number(other === own) - Number(one === own));
    return collectParts(ownFirst, vault.threshold, {
      partOf: (mspId) => this.#partOf(mspId, named),
      isRight: (answer) => isPartOfPin(vault, answer, blinded),
    });
  }

  async #asked({ pinId, attempt }: NamedGuess): Promise<{ readonly vault: PinVault; readonly blinded: AnsweredBlinded }> {
    const { followed, stored, waitFor } = this.services;
    const found = await waitFor(async () => {
      const pin = await followed(pinId);
      return pin?.attempts === attempt ? pin : undefined;
    }, PATIENCE_MILLIS);
    const vault = (await stored(pinId))?.vault;
    if (found?.guess === undefined || found.isRemoved || vault === undefined)
      throw new DomainError('NOT_FOUND', undefined, { pinId, attempt });
    assertTimelyGuess(found.guess, this.services.now());
    return { vault, blinded: found.guess.blinded };
  }

  async #partOf(mspId: MspId, named: NamedGuess): Promise<EvaluatedPart> {
    if (mspId === this.services.mspId) return this.services.ownAnswer(named);
    const endpoint = await keyServiceOf(this.services.directory, mspId);
    return this.services.memberKeys.ask(endpoint, memberOperations.AnswerPinGuess, named);
  }
}

type AnsweredBlinded = Exclude<FollowedPin['guess'], undefined>['blinded'];
