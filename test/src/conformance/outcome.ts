import { RawServiceError } from './raw-requests';
import { isCommitError, isGatewayError } from './stock-client';

interface Detail {
  readonly mspId: string;
  readonly message: string;
}

/** What a call came to, with everything that differs from run to run replaced. */
export interface Outcome {
  readonly grpcCode?: number;
  readonly errorName?: string;
  readonly message?: string;
  readonly details?: readonly Detail[];
  readonly validationCode?: number;
  readonly result?: unknown;
}

/** Runs `work` and turns its result or its error into an {@link Outcome}. */
export async function attempt(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { grpcCode: 0, result: normalize(await work()) };
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): Outcome {
  if (isCommitError(error)) return { errorName: error.name, message: normalizeText(error.message), validationCode: error.code };
  if (!(error instanceof Error)) throw error;
  if (!(isGatewayError(error) || error instanceof RawServiceError)) return { errorName: error.name, message: normalizeText(error.message) };
  const isRefusedByOrderers = error.message.includes('insufficient number of orderers');
  // the order in which organisations answer is chance
  const details = error.details
    .map(({ mspId, message }) => ({ mspId, message: normalizeText(message) }))
    .sort((a, b) => a.mspId.localeCompare(b.mspId));
  return {
    errorName: error.name,
    grpcCode: error.code,
    message: normalizeText(error.message),
    ...(details.length > 0 ? { details: isRefusedByOrderers ? withoutOrderers(details) : details } : {}),
  };
}

/** Which and how many BFT orderers are heard before the gateway gives up is chance; their reasons are not. */
function withoutOrderers(details: readonly Detail[]): readonly Detail[] {
  return [...new Set(details.map(({ message }) => message))].map((message) => ({ mspId: '<orderers>', message }));
}

function normalizeText(text: string): string {
  return text
    .replaceAll('\u00a0', ' ') // Go's protobuf varies its spaces so that nobody relies on them
    .replace(/Creator \[[0-9a-f]+\]/g, 'Creator [<hex>]')
    .replace(/[0-9a-f]{64}/g, '<txid>')
    .replace(/-fresh-\d+-\d+-\d+/g, '') // names of chaincode differ from run to run
    .replace(/payload is \d+ bytes/, 'payload is <n> bytes') // a signature is one of several lengths
    .replace(/(to|at) version \d+/g, '$1 version <n>')
    .replace(/Deadline exceeded after .*/, 'Deadline exceeded after <time>')
    .replace(/(localhost|127\.0\.0\.1):\d+/g, '<addr>')
    .replace(/BlockNum: \d+, TxNum: \d+/g, 'BlockNum: <n>, TxNum: <n>')
    .replace(/timestamp \S+, peer time [^,]+,/g, 'timestamp <time>, peer time <time>,');
}

/** Positions on the chain differ from run to run; what they tell does not. */
function normalize(value: unknown): unknown {
  if (typeof value === 'string') return normalizeText(value);
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'block' && name !== 'tx')
      .map(([name, inner]) => [name, normalize(inner)]),
  );
}

/** An observation of the real network in the form {@link attempt} gives. */
export function normalizeObserved(observed: Outcome): Outcome {
  const { details, message, result, validationCode, ...rest } = observed;
  const sorted = details
    ?.map((detail) => ({ mspId: detail.mspId, message: normalizeText(detail.message) }))
    .sort((a, b) => a.mspId.localeCompare(b.mspId));
  return {
    ...rest,
    ...(message === undefined ? {} : { message: normalizeText(message) }),
    ...(sorted === undefined ? {} : { details: sorted }),
    // the recorder repeated the code of a result beside it
    ...(validationCode === undefined || result !== undefined ? {} : { validationCode }),
    ...(result === undefined ? {} : { result: normalize(result) }),
  };
}
