// Apart from the rest of the client, because pointers are written and read by a hospital's staff and by nobody else.
export {
  type OpenedPointer,
  PointerClient,
  type PointerNode,
  type PointerToWrite,
  type ReviewedPointer,
} from './member-api/pointer-client';
export { assertCommittedRows, inOrder, parametersCommitment, RESULT_CONTENT_TYPE, resultCommitment } from './member-api/query-result';
export {
  type PointInput,
  pointInputSchema,
  type PreparedPointer,
  queryResultSchema,
  type QueryRows,
  type ResultHeader,
  resultHeaderSchema,
} from './member-api/schemas';
