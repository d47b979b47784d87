import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { common, decodingFault } from '@lianyi/fabric-protocol';
import { deliverBlocks, type DeliverParts, type StatusCode } from './deliver';
import { RpcError, toServiceError, unimplemented } from './rpc-errors';

type Log = (line: string) => void;

/** @remarks Source: sampleconfig/core.yaml peer.limits.concurrency. */
export const deliverConcurrency = 2500;

/** Stands for a request that could not be decoded, until its method answers. */
class Undecodable {
  constructor(readonly fault: string) {}
}

/** Requests that arrive whole: what cannot be decoded of them is answered in the words of Fabric's gRPC, not of this library's. */
export function decodingHere(definition: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(definition).map(([name, method]) => {
    if (method.requestStream) return [name, method] as const;
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes) as unknown;
      } catch (error) {
        return new Undecodable(decodingFault(error));
      }
    };
    return [name, { ...method, requestDeserialize }] as const;
  });
  return Object.fromEntries(methods);
}

/** @throws {@link RpcError} — the request could not be decoded (google.golang.org/grpc server.go processUnaryRPC). */
export function refuseUndecodable(request: unknown): void {
  if (request instanceof Undecodable) throw new RpcError(status.INTERNAL, `grpc: error unmarshalling request: ${request.fault}`);
}

/** Fabric's limits are above what grpc-js starts with (internal/pkg/comm/config.go MaxRecvMsgSize). */
export function newServer(): Server {
  return new Server({ 'grpc.max_receive_message_length': 100 * 1024 * 1024, 'grpc.max_send_message_length': -1 });
}

/** Admits so many calls at a time. The code is UNKNOWN on a real peer too (seen). */
export class Limit {
  #running = 0;

  constructor(
    private readonly service: string,
    private readonly maximum: number,
  ) {}

  enter(): () => void {
    if (this.#running >= this.maximum) {
      throw new RpcError(status.UNKNOWN, `too many requests for ${this.service}, exceeding concurrency limit (${this.maximum})`);
    }
    this.#running += 1;
    return () => {
      this.#running -= 1;
    };
  }
}

/** Answers one call after another may have failed; what nobody foresaw is logged and told without its stack. */
export function unary<Request, Response>(
  limit: Limit,
  log: Log,
  handle: (call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    const answer = (): Promise<Response> => {
      refuseUndecodable(call.request);
      return handle(call);
    };
    guard(limit, log, async () => answer()).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(toServiceError(error));
      },
    );
  };
}

export async function guard<T>(limit: Limit, log: Log, work: () => Promise<T>): Promise<T> {
  const leave = limit.enter();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RpcError)) log(`unforeseen failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    throw error;
  } finally {
    leave();
  }
}

/** An answer that ends a request of a deliver stream. */
type StatusAnswer<Response> = (status: StatusCode) => Response;

/** Serves blocks: one request after the other on the same stream; a status other than SUCCESS ends it. */
export function delivery<Response>(
  limit: Limit,
  log: Log,
  parts: DeliverParts<Response>,
  withStatus: StatusAnswer<Response>,
): handleBidiStreamingCall<common.Envelope, Response> {
  return envelopes(limit, log, async (envelope, call) => {
    const status = await deliverBlocks(parts, envelope, call);
    return status === undefined ? undefined : { status, response: withStatus(status) };
  });
}

/** How one envelope of a stream was answered. */
interface StreamAnswer<Response> {
  readonly status: number;
  readonly response: Response;
}

/**
 * Answers a stream of envelopes, one after the other; a status other than SUCCESS ends it. `answer` gives nothing when the client has
 * gone.
 */
export function envelopes<Response>(
  limit: Limit,
  log: Log,
  answer: (envelope: common.Envelope, call: ServerDuplexStream<common.Envelope, Response>) => Promise<StreamAnswer<Response> | undefined>,
): handleBidiStreamingCall<common.Envelope, Response> {
  const serve = (call: ServerDuplexStream<common.Envelope, Response>): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        call.end();
        resolve();
      };
      call.on('cancelled', resolve);
      call.on('end', end);
      call.on('data', (envelope: common.Envelope) => {
        call.pause();
        answer(envelope, call).then((answered) => {
          if (answered === undefined) {
            resolve();
            return;
          }
          call.write(answered.response);
          if (answered.status === common.Status.SUCCESS) call.resume();
          else end();
        }, reject);
      });
    });
  return (call) => {
    guard(limit, log, () => serve(call)).catch((error: unknown) => {
      call.emit('error', toServiceError(error)); // destroying it would lose the status
    });
  };
}

/** A method this network does not have. */
export function refuseAll(feature: string): handleUnaryCall<unknown, unknown> {
  return (_call, callback) => {
    callback(toServiceError(unimplemented(feature)));
  };
}
