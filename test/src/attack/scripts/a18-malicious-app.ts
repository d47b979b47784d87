import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A18: a patient’s app sends in every command of a patient’s what no request is: twins of ids, times and numbers that are none, prototypes, too much and too deep;
 * consents that reach further than a consent may; and grants without end. Everything is refused with a code, and the ledger goes on answering.
 */
export const maliciousApp: Attack = {
  id: 'A18',
  title: 'a patient’s app grants what nobody may, fills the ledger, or has the chaincode fail',
  defences: [
    {
      file: 'domain/src/consent/grant.ts',
      name: 'withGrantee',
      body: 'return { ...entry, grantees: (entry.grantees ?? 0) + 1 };',
    },
  ],
  networks: ['embedded'],
  run: () => play('chaincode', 'maliciousApp'),
};
