import { type Server } from '@grpc/grpc-js';
import { type common, marshal, orderer } from '@lianyi/fabric-protocol';
import { type StatusCode, toStatus } from '../gateway/deliver';
import { delivery, envelopes, Limit, newServer } from '../gateway/serve';
import { type FindChannel } from '../peer/system-chaincode';
import { type BroadcastResult } from '../ledger/embedded-channel';
import { channelNamedBy, unknownToOrderer } from './filters';

interface OrdererServices {
  readonly findChannel: FindChannel;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** An orderer lets every reader of the channel read, orderers' own too. @remarks Source: orderer/common/server/server.go Deliver. */
const readersPath = '/Channel/Readers';
/** Fabric's orderers have no such limit; it keeps one client from taking all memory. */
const streams = 2500;

/** A gRPC server with what one orderer answers: orderer.AtomicBroadcast. */
export function newOrdererServer(services: OrdererServices): Server {
  const { findChannel, now, log } = services;
  const server = newServer();
  const limit = new Limit('/orderer.AtomicBroadcast', streams);
  const withStatus = (status: StatusCode): orderer.DeliverResponse => {
    const response = new orderer.DeliverResponse();
    response.setStatus(status);
    return response;
  };
  const answerWith = (_channel: unknown, block: common.Block): orderer.DeliverResponse => {
    const response = new orderer.DeliverResponse();
    response.setBlock(block);
    return response;
  };
  // one that is refused ends the stream (orderer/common/broadcast/broadcast.go Handle)
  const broadcast = envelopes(limit, log, async (envelope) => {
    const result = await order(findChannel, marshal(envelope));
    return { status: result.status, response: answerOf(result) };
  });
  server.addService(orderer.AtomicBroadcastService, {
    broadcast,
    deliver: delivery(limit, log, { findChannel, policy: readersPath, now, answerWith }, withStatus),
  });
  return server;
}

function answerOf({ status, info }: BroadcastResult): orderer.BroadcastResponse {
  const response = new orderer.BroadcastResponse();
  response.setStatus(toStatus(status));
  response.setInfo(info);
  return response;
}

async function order(findChannel: FindChannel, envelope: Buffer): Promise<BroadcastResult> {
  const channelId = channelNamedBy(envelope);
  if (typeof channelId !== 'string') return channelId;
  return (await findChannel(channelId)?.broadcast(envelope)) ?? unknownToOrderer;
}
