import { memberOperations, signedAs } from '@lianyi/client';
import { type StaffGate } from '../check-caller';
import { type IdentifierNames } from '../services/identifier-names';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

/** What registrars ask about the numbers of their own hospital. No number is logged or kept. */
export function addIdentifierRoutes(server: NodeServer, services: { readonly staff: StaffGate; readonly names: IdentifierNames }): void {
  const { NameLink } = memberOperations;
  const { staff, names } = services;
  serve(server, NameLink, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    await staff.assertStaff(signedAs(NameLink), signedInput, proof, NameLink.callers.roles, ip);
    return { body: { linkId: names.linkIdOf(input) } };
  });
}
