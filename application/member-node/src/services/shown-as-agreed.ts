import { type CheckedDocument } from '@lianyi/documents';
import { type DisplayProfiles, DomainError, newRequest, type Ledger, profiledClasses, Refused, transactions } from '@lianyi/domain';
import { assertShownAsAgreed } from '@lianyi/domain/deciding';

type Looked = Pick<CheckedDocument, 'class' | 'format' | 'displayProfile' | 'displayMisfits'>;

/**
 * Checks a document against the display profile in force for its class, and says where it does not fit: the ledger, which sees the label alone, would
 * refuse it without a place. One that fits the newest version needs no question.
 * @throws {@link DomainError} `DISPLAY_PROFILE_NOT_MET` — with the profile, the path and what is missing there
 */
export async function assertDocumentIsShownAsAgreed(ledger: Pick<Ledger, 'evaluate'>, document: Looked): Promise<void> {
  const { displayMisfits = [], ...shown } = document;
  if (!profiledClasses.some((each) => each === document.class)) return;
  if (document.format === 'fhir-r4-json' && displayMisfits.length === 0) return;
  const value = await profilesInForce(ledger);
  if (value === undefined) return;
  try {
    assertShownAsAgreed(shown, value);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { profile, path, rule } = displayMisfits.find((each) => each.profile === error.details['profile']) ?? {};
    if (profile === undefined)
      throw new DomainError(error.code, error.message, { ...error.details, format: document.format }, { cause: error });
    throw new DomainError(error.code, `${profile}: ${rule ?? ''}`, { profile, path: path ?? '', missing: rule ?? '' }, { cause: error });
  }
}

/** Undefined: the channel's chaincode is older than display profiles, and knows no such parameter. */
async function profilesInForce(ledger: Pick<Ledger, 'evaluate'>): Promise<DisplayProfiles | undefined> {
  try {
    const { setting } = await ledger.evaluate(newRequest(transactions.GetParameter, { name: 'display-profiles' }));
    return setting.name === 'display-profiles' ? setting.value : undefined;
  } catch (error) {
    if (error instanceof Refused && error.code === 'INVALID_REQUEST') return undefined;
    throw error;
  }
}
