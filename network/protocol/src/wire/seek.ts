import { marshal, orderer } from './proto';

/** A block of a channel: its number, or the one that is the newest when the request arrives. */
export type BlockPosition = number | 'newest';

function seekPosition(at: BlockPosition): orderer.SeekPosition {
  const position = new orderer.SeekPosition();
  if (at === 'newest') {
    position.setNewest(new orderer.SeekNewest());
    return position;
  }
  const specified = new orderer.SeekSpecified();
  specified.setNumber(at);
  position.setSpecified(specified);
  return position;
}

/**
 * Marshalled orderer.SeekInfo: asks a deliver service for the blocks from one position to another, both inclusive, of which the
 * first must be there already.
 * @remarks Source: fabric internal/peer/channel/deliverclient.go.
 */
export function seekInfo(from: BlockPosition, to: BlockPosition): Buffer {
  const info = new orderer.SeekInfo();
  info.setStart(seekPosition(from));
  info.setStop(seekPosition(to));
  info.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
  return marshal(info);
}
