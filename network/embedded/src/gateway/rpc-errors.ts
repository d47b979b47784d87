import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Any, gateway, google, marshal } from '@lianyi/fabric-protocol';

/** What one endorser answered; arrives at the client as an entry of `error.details`. */
export interface EndpointFailure {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** An answer of this network in the form of a gRPC status; thrown by services, sent by {@link toServiceError}. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: status,
    message: string,
    readonly failures: readonly EndpointFailure[] = [],
  ) {
    super(message);
  }
}

/** @remarks Source: google.rpc.Status in `grpc-status-details-bin`, Any.value = gateway.ErrorDetail (internal/pkg/gateway/apiutils.go). */
function statusDetails(error: RpcError): Buffer {
  const rpcStatus = new google.rpc.Status();
  rpcStatus.setCode(error.code);
  rpcStatus.setMessage(error.message.toWellFormed());
  rpcStatus.setDetailsList(
    error.failures.map((failure) => {
      const detail = new gateway.ErrorDetail();
      detail.setAddress(failure.address);
      detail.setMspId(failure.mspId);
      detail.setMessage(failure.message.toWellFormed());
      const any = new Any();
      any.setTypeUrl('type.googleapis.com/gateway.ErrorDetail');
      any.setValue(marshal(detail));
      return any;
    }),
  );
  return marshal(rpcStatus);
}

/** Turns what a handler threw into what grpc-js sends. Anything unforeseen is INTERNAL, without its stack. */
export function toServiceError(error: unknown): ServiceError {
  const rpc = error instanceof RpcError ? error : new RpcError(status.INTERNAL, error instanceof Error ? error.message : String(error));
  const metadata = new Metadata();
  if (rpc.failures.length > 0) metadata.set('grpc-status-details-bin', statusDetails(rpc));
  // grpc-js encodes the details for a header, and throws where nobody catches it on half of a surrogate pair
  const details = rpc.message.toWellFormed();
  return Object.assign(new Error(details), { code: rpc.code, details, metadata });
}

/** A service or method this network does not have: says so by name instead of guessing. */
export function unimplemented(feature: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `the embedded network does not implement ${feature}`);
}
