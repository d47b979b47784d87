import { memberOperations, signedAs } from '@lianyi/client';
import { type StaffGate } from '../check-caller';
import { type EventFeed } from '../services/event-feed';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface EventServices {
  readonly staff: Pick<StaffGate, 'assertStaff'>;
  readonly feed: Pick<EventFeed, 'next' | 'close'>;
}

/** What the hospital's own applications follow. */
export function addEventRoutes(server: NodeServer, { staff, feed }: EventServices): void {
  const { FollowEvents } = memberOperations;
  server.addHook('preClose', (done) => {
    feed.close();
    done();
  });
  serve(server, FollowEvents, async ({ body: { input, proof }, signedInput, request: { ip, raw } }) => {
    const { statement } = await staff.assertStaff(signedAs(FollowEvents), signedInput, proof, FollowEvents.callers.roles, ip);
    const { events, height } = await feed.next(input, statement.actorTag, () => raw.socket.destroyed);
    return { body: { events, height: height.toString() } };
  });
}
