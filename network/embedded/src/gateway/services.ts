import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type Server,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { type common, discovery, gateway, peer } from '@lianyi/fabric-protocol';
import { readersPath } from '../peer/access';
import { type Endorser } from '../peer/endorser';
import { type FindChannel } from '../peer/system-chaincode';
import { streamChaincodeEvents } from './chaincode-events';
import { type StatusCode } from './deliver';
import { answerWith, type DeliverForm } from './deliver-answers';
import { discoverHandler, type DiscoveryParts } from './discovery-service';
import { type Gateway } from './gateway';
import { decodingHere, deliverConcurrency, delivery, guard, Limit, newServer, refuseAll, refuseUndecodable, unary } from './serve';
import { RpcError, toServiceError } from './rpc-errors';

interface PeerServices {
  readonly gateway: Gateway;
  readonly endorser: Endorser;
  readonly discovery: DiscoveryParts;
  readonly findChannel: FindChannel;
  /** The peer's name as keeper of private data. */
  readonly holder: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** @remarks Source: sampleconfig/core.yaml peer.limits.concurrency; open event streams count. */
const gatewayConcurrency = 500;

/** A gRPC server with everything one peer answers. */
export function newPeerServer(services: PeerServices): Server {
  const server = newServer();
  server.addService(decodingHere(gateway.GatewayService), gatewayHandlers(services));
  server.addService(decodingHere(peer.DeliverService), deliverHandlers(services));
  server.addService(decodingHere(peer.EndorserService), {
    processProposal: unary(new Limit('/protos.Endorser', deliverConcurrency), services.log, (call) =>
      processProposal(services.endorser, call),
    ),
  });
  server.addService(decodingHere(discovery.DiscoveryService), { discover: discoverHandler(services.discovery) });
  server.addService(
    peer.SnapshotService,
    Object.fromEntries(['generate', 'cancel', 'queryPendings'].map((method) => [method, refuseAll('ledger snapshots (protos.Snapshot)')])),
  );
  return server;
}

function gatewayHandlers(services: PeerServices): UntypedServiceImplementation {
  const limit = new Limit('/gateway.Gateway', gatewayConcurrency);
  const events: handleServerStreamingCall<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse> = (call) => {
    const stream = async (): Promise<void> => {
      refuseUndecodable(call.request);
      await streamChaincodeEvents(services.gateway, call.request, call);
    };
    void guard(limit, services.log, stream).catch((error: unknown) => {
      call.emit('error', toServiceError(error)); // destroying it would lose the status
    });
  };
  return {
    evaluate: unary(limit, services.log, (call: ServerUnaryCall<gateway.EvaluateRequest, gateway.EvaluateResponse>) =>
      services.gateway.evaluate(call.request),
    ),
    endorse: unary(limit, services.log, (call: ServerUnaryCall<gateway.EndorseRequest, gateway.EndorseResponse>) =>
      services.gateway.endorse(call.request),
    ),
    submit: unary(limit, services.log, (call: ServerUnaryCall<gateway.SubmitRequest, gateway.SubmitResponse>) =>
      services.gateway.submit(call.request),
    ),
    commitStatus: unary(limit, services.log, (call: ServerUnaryCall<gateway.SignedCommitStatusRequest, gateway.CommitStatusResponse>) =>
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

function deliverHandlers({ findChannel, holder, now, log }: PeerServices): UntypedServiceImplementation {
  const limit = new Limit('/protos.Deliver', deliverConcurrency);
  const withStatus = (status: StatusCode): peer.DeliverResponse => {
    const response = new peer.DeliverResponse();
    response.setStatus(status);
    return response;
  };
  const handler = (form: DeliverForm): handleBidiStreamingCall<common.Envelope, peer.DeliverResponse> =>
    delivery(
      limit,
      log,
      { findChannel, policy: readersPath, now, answerWith: (channel, block) => answerWith(form, channel, holder, block) },
      withStatus,
    );
  return { deliver: handler('block'), deliverFiltered: handler('filtered'), deliverWithPrivateData: handler('private') };
}
