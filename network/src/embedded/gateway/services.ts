import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { common, discovery, gateway, peer } from '../../wire/proto';
import { RpcError, toServiceError, unimplemented } from '../../wire/rpc-errors';
import { type Endorser } from '../peer/endorser';
import { streamChaincodeEvents } from './chaincode-events';
import { type DeliverForm, deliverBlocks, type DeliverParts } from './deliver';
import { type Gateway } from './gateway';

export interface PeerServices extends DeliverParts {
  readonly gateway: Gateway;
  readonly endorser: Endorser;
  readonly log: (line: string) => void;
}

/** @remarks Source: sampleconfig/core.yaml peer.limits.concurrency; open event streams count. */
const gatewayConcurrency = 500;
const deliverConcurrency = 2500;

/** Admits so many calls at a time. The code is UNKNOWN on a real peer too (seen). */
class Limit {
  private running = 0;

  constructor(
    private readonly service: string,
    private readonly maximum: number,
  ) {}

  enter(): () => void {
    if (this.running >= this.maximum) {
      throw new RpcError(status.UNKNOWN, `too many requests for ${this.service}, exceeding concurrency limit (${this.maximum})`);
    }
    this.running += 1;
    return () => {
      this.running -= 1;
    };
  }
}

/** A gRPC server with everything one peer answers. */
export function newPeerServer(services: PeerServices): Server {
  const server = new Server({ 'grpc.max_receive_message_length': 100 * 1024 * 1024, 'grpc.max_send_message_length': -1 });
  server.addService(gateway.GatewayService, gatewayHandlers(services));
  server.addService(peer.DeliverService, deliverHandlers(services));
  server.addService(peer.EndorserService, {
    processProposal: unary(new Limit('/protos.Endorser', deliverConcurrency), services, (call) => processProposal(services.endorser, call)),
  });
  server.addService(discovery.DiscoveryService, { discover: refuseAll('service discovery (discovery.Discovery)') });
  server.addService(
    peer.SnapshotService,
    Object.fromEntries(['generate', 'cancel', 'queryPendings'].map((method) => [method, refuseAll('ledger snapshots (protos.Snapshot)')])),
  );
  return server;
}

function gatewayHandlers(services: PeerServices): UntypedServiceImplementation {
  const limit = new Limit('/gateway.Gateway', gatewayConcurrency);
  const events: handleServerStreamingCall<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse> = (call) => {
    void guard(limit, services.log, () => streamChaincodeEvents(services.gateway, services.channel, call.request, call)).catch(
      (error: unknown) => {
        call.emit('error', toServiceError(error)); // destroying it would lose the status
      },
    );
  };
  return {
    evaluate: unary(limit, services, (call: ServerUnaryCall<gateway.EvaluateRequest, gateway.EvaluateResponse>) =>
      services.gateway.evaluate(call.request),
    ),
    endorse: unary(limit, services, (call: ServerUnaryCall<gateway.EndorseRequest, gateway.EndorseResponse>) =>
      services.gateway.endorse(call.request),
    ),
    submit: unary(limit, services, (call: ServerUnaryCall<gateway.SubmitRequest, gateway.SubmitResponse>) =>
      services.gateway.submit(call.request),
    ),
    commitStatus: unary(limit, services, (call: ServerUnaryCall<gateway.SignedCommitStatusRequest, gateway.CommitStatusResponse>) =>
      services.gateway.commitStatus(call.request, cancellationOf(call)),
    ),
    chaincodeEvents: events,
  };
}

function cancellationOf(call: ServerUnaryCall<unknown, unknown>): Promise<void> {
  return new Promise((resolve) => {
    call.once('cancelled', () => {
      resolve();
    });
  });
}

function unary<Request, Response>(
  limit: Limit,
  { log }: PeerServices,
  handle: (call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    guard(limit, log, () => handle(call)).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(toServiceError(error));
      },
    );
  };
}

async function guard<T>(limit: Limit, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
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

/** protos.Endorser, for clients that gather endorsements themselves. */
async function processProposal(
  endorser: Endorser,
  call: ServerUnaryCall<peer.SignedProposal, peer.ProposalResponse>,
): Promise<peer.ProposalResponse> {
  const answer = await endorser.process({
    proposalBytes: Buffer.from(call.request.getProposalBytes_asU8()),
    signature: Buffer.from(call.request.getSignature_asU8()),
  });
  if (answer.kind !== 'response') throw new RpcError(status.UNKNOWN, answer.message);
  const { response, payload, endorsement } = answer.response;
  const message = new peer.ProposalResponse();
  message.setResponse(response);
  if (payload !== undefined) message.setPayload(payload);
  if (endorsement === undefined) return message;
  message.setVersion(1);
  message.setEndorsement(endorsement);
  return message;
}

function deliverHandlers(services: PeerServices): UntypedServiceImplementation {
  const limit = new Limit('/protos.Deliver', deliverConcurrency);
  const handler =
    (form: DeliverForm): handleBidiStreamingCall<common.Envelope, peer.DeliverResponse> =>
    (call) => {
      guard(limit, services.log, () => serveDeliver(services, form, call)).catch((error: unknown) => {
        call.emit('error', toServiceError(error)); // destroying it would lose the status
      });
    };
  return { deliver: handler('block'), deliverFiltered: handler('filtered'), deliverWithPrivateData: handler('private') };
}

/** One request after the other on the same stream; a status other than SUCCESS ends it. */
function serveDeliver(
  services: PeerServices,
  form: DeliverForm,
  call: ServerDuplexStream<common.Envelope, peer.DeliverResponse>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      call.end();
      resolve();
    };
    call.on('cancelled', resolve);
    call.on('end', end);
    call.on('data', (envelope: common.Envelope) => {
      call.pause();
      deliverBlocks(services, form, envelope, call).then((result) => {
        if (result === undefined) {
          resolve();
          return;
        }
        const response = new peer.DeliverResponse();
        response.setStatus(result);
        call.write(response);
        if (result === common.Status.SUCCESS) call.resume();
        else end();
      }, reject);
    });
  });
}

function refuseAll(feature: string): handleUnaryCall<unknown, unknown> {
  return (_call, callback) => {
    callback(toServiceError(unimplemented(feature)));
  };
}
