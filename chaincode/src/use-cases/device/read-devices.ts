import { type Input, type Output, type transactions } from '@lianyi/domain';
import { mspOf, type ReadScope } from '../scope';

type Get = typeof transactions.GetDevice;
type List = typeof transactions.ListDevices;

export function GetDevice(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.devices.get(input.mspId, input.deviceId);
}

/** Lists the devices of the caller's own organisation; what others have is their matter. */
export function ListDevices(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  return scope.ledger.devices.list([mspOf(scope.actor)], input);
}
