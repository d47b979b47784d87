import { z } from 'zod';
import {
  canonicalJson,
  encodeBase64url,
  isErrorCode,
  NoAnswer,
  OutcomeUnknown,
  parseStrictJson,
  Refused,
  Unavailable,
} from '@lianyi/domain';
import { base64urlBytes, utf8, utf8Text } from '../crypto/bytes';
import { type MemberOperation, OCTETS } from './operations';
import { MAX_OBJECT_BYTES, problemSchema } from './schemas';
import { NotSent, type Transport, type TransportAnswer } from './transport';

const JSON_LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 32 };

/** What an operation is called with. */
export interface OperationInput {
  /** The values of the path's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly header?: unknown;
  /** A JSON value, or bytes for an operation that takes octets. */
  readonly body?: unknown;
}

/** What an operation answered. */
export interface OperationAnswer {
  readonly body: unknown;
  readonly header: unknown;
}

/** Calls the operations of one member node as their table describes them. Answers are not believed to have the right form. */
export class MemberApi {
  /** @param maxBytes - an answer that is longer is not read to its end */
  constructor(
    private readonly transport: Transport,
    private readonly maxBytes: number = MAX_OBJECT_BYTES,
  ) {}

  get url(): string {
    return this.transport.url;
  }

  /**
   * Calls an operation whose answer is JSON and parses it.
   * @throws as {@link call}
   */
  async ask<Answer extends z.ZodType>(
    operation: MemberOperation & { readonly answer: Answer },
    input: OperationInput = {},
  ): Promise<z.output<Answer>> {
    const parsed = operation.answer.safeParse((await this.call(operation, input)).body);
    if (parsed.success) return parsed.data;
    throw misfit(parsed.error);
  }

  /**
   * Calls an operation; the body it brings back is bytes for octets, else JSON that is not parsed yet.
   * @throws LedgerFailure — `Refused` with the code and words of the node; `Unavailable` — nothing was sent; `NoAnswer` — nothing
   * answers, or no member node does.
   */
  async call(operation: MemberOperation, input: OperationInput = {}): Promise<OperationAnswer> {
    const answer = await this.#exchange(operation, input);
    const isSuccess = answer.status >= 200 && answer.status < 300;
    if (!isSuccess && operation.refusal !== 'as its answer') throw refusalOf(answer);
    return {
      body: operation.answer === OCTETS ? answer.body : jsonOf(answer),
      header: operation.answerHeader === undefined ? undefined : headerOf(answer, operation.answerHeader.name),
    };
  }

  close(): void {
    this.transport.close();
  }

  async #exchange(operation: MemberOperation, { parameters, header, body }: OperationInput): Promise<TransportAnswer> {
    const isOctets = operation.body === OCTETS;
    const type = body === undefined ? {} : { 'content-type': isOctets ? OCTETS : 'application/json' };
    try {
      return await this.transport.exchange({
        method: operation.method,
        path: pathOf(operation, parameters),
        headers: { ...type, ...headerFor(operation, header) },
        // octets are bytes: whoever calls such an operation has no other body
        ...(body === undefined ? {} : { body: isOctets ? (body as Uint8Array) : canonicalJson(body) }),
        maxBytes: this.maxBytes,
      });
    } catch (cause) {
      const what = `no member node answers at ${this.#host()}`;
      throw cause instanceof NotSent ? new Unavailable(what, { cause }) : new NoAnswer(what, undefined, { cause });
    }
  }

  #host(): string {
    // not by `URL`: it refuses hosts that a member's entry in the directory may have
    return this.transport.url.replace(/^https:\/\//, '').replace(/\/.*$/, '');
  }
}

/** An answer whose JSON does not fit: another version of the node, not data. */
export function misfit(error: z.ZodError): NoAnswer {
  const places = error.issues.map(({ path }) => path.join('.'));
  return new NoAnswer('the answer is not what the operation answers', places, { cause: error });
}

/** The failure of a command: without an answer the node may have carried it on. */
export function failureOfCommand(error: unknown): unknown {
  return error instanceof NoAnswer ? new OutcomeUnknown(undefined, { cause: error }) : error;
}

/** The path of an operation with its parameters; each is one segment, whatever it holds. */
function pathOf({ path }: Pick<MemberOperation, 'path'>, parameters: Readonly<Record<string, string>> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

function headerFor({ header }: MemberOperation, value: unknown): Record<string, string> {
  if (header === undefined || value === undefined) return {};
  return { [header.name]: typeof value === 'string' && header.form === 'text' ? value : encodeBase64url(utf8(canonicalJson(value))) };
}

function headerOf(answer: TransportAnswer, name: string): unknown {
  const text = answer.headers[name];
  if (typeof text !== 'string') throw new NoAnswer('the answer describes no document');
  try {
    return parseStrictJson(utf8Text(base64urlBytes(text)), JSON_LIMITS);
  } catch (cause) {
    throw new NoAnswer('the answer describes no document', undefined, { cause });
  }
}

function jsonOf(answer: TransportAnswer): unknown {
  try {
    return parseStrictJson(utf8Text(answer.body), JSON_LIMITS);
  } catch (cause) {
    throw new NoAnswer(`what answers is not a member node (status ${answer.status})`, undefined, { cause });
  }
}

/** As much of a problem as a refusal needs: a node of another version may say more or less. */
const refusalSchema = z.object({ code: z.string(), ...problemSchema.partial().omit({ code: true }).shape });

/** A node explains its own codes, also those this version does not know. */
function refusalOf(answer: TransportAnswer): Refused | NoAnswer {
  const problem = refusalSchema.safeParse(jsonOf(answer));
  if (!problem.success) return misfit(problem.error);
  const { code, message = code, details = {}, meaning, remedy } = problem.data;
  const isFailure = answer.status >= 500 && !isErrorCode(code);
  const words = { ...(meaning === undefined ? {} : { meaning }), ...(remedy === undefined ? {} : { remedy }) };
  return new Refused(code, message, details, {}, { explanation: { ...words, ...(isFailure ? { exitClass: 'failure' } : {}) } });
}
