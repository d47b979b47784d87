import { canonicalJson, DomainError, type QueryParameters, type Sha256, type VersionIdentity } from '@lianyi/domain';
import { base64urlBytes, utf8 } from '../crypto/bytes';
import { contentCommitment } from '../envelope/data-key';
import { type QueryRows } from './schemas';

/** The media type under which rows are sealed. */
export const RESULT_CONTENT_TYPE = 'application/vnd.lianyi.query-result+json';

/**
 * Rows in their one order: by their canonical JSON, code unit by code unit, whatever database they come from and however that sorts. Equal
 * rows stay as many as they are.
 */
export function inOrder(rows: QueryRows): QueryRows {
  return rows
    .map((row) => ({ row, text: canonicalJson(row) }))
    .sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0))
    .map(({ row }) => row);
}

/** The commitment to rows, which stand in their order, as the answer of one version of a pointer. */
export function resultCommitment(salt: string, version: VersionIdentity, rows: QueryRows): Promise<Sha256> {
  return contentCommitment(base64urlBytes(salt), version, [utf8(canonicalJson({ t: 'lianyi/query-rows/v1', rows }))]);
}

/** The commitment to the parameters of one version of a pointer. */
export function parametersCommitment(salt: string, version: VersionIdentity, parameters: QueryParameters): Promise<Sha256> {
  return contentCommitment(base64urlBytes(salt), version, [utf8(canonicalJson({ t: 'lianyi/query-parameters/v1', parameters }))]);
}

/**
 * Checks that rows are those that the custodian committed to when it wrote this version of the pointer.
 * @throws {@link DomainError} `HASH_MISMATCH` — a row was changed, added or removed since.
 */
export async function assertCommittedRows(
  rows: QueryRows,
  salt: string,
  { version, committed }: { readonly version: VersionIdentity; readonly committed: Sha256 },
): Promise<void> {
  if ((await resultCommitment(salt, version, rows)) !== committed)
    throw new DomainError('HASH_MISMATCH', 'the rows are not those that the pointer was written for', { path: 'rows' });
}
