import { AccessContract } from './access-contract';
import { AuditContract } from './audit-contract';
import { ConsentContract } from './consent-contract';
import { DirectoryContract } from './directory-contract';
import { KeyContract } from './keys-contract';
import { RecordContract } from './record-contract';
import { RegistrarContract } from './registrar-contract';
import { RelationshipContract } from './relationship-contract';

/** Every contract of the chaincode. Composed, never inherited from one another. */
export const contracts = [
  AccessContract,
  AuditContract,
  ConsentContract,
  DirectoryContract,
  KeyContract,
  RecordContract,
  RegistrarContract,
  RelationshipContract,
] as const;
