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
    throw error instanceof DomainError ? placed(error, document) : error;
  }
}

/** The refusal with the place where the document does not fit; of a format without elements, with the format. */
function placed(refused: DomainError, { format, displayMisfits = [] }: Looked): DomainError {
  const misfit = displayMisfits.find(({ profile }) => profile === refused.details['profile']);
  if (misfit === undefined) return new DomainError(refused.code, refused.message, { ...refused.details, format }, { cause: refused });
  const { profile, path, rule } = misfit;
  return new DomainError(refused.code, `${profile}: ${rule}`, { profile, path, missing: rule }, { cause: refused });
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
