import { type Contract } from 'fabric-contract-api';
import { AccessContract } from './access-contract';
import { AuditContract } from './audit-contract';
import { CapacityContract } from './capacity-contract';
import { ConsentContract } from './consent-contract';
import { CopyContract } from './copies-contract';
import { CorrectionContract } from './correction-contract';
import { DelegationContract } from './delegation-contract';
import { DeviceContract } from './device-contract';
import { DirectoryContract } from './directory-contract';
import { EmergencyContract } from './emergency-contract';
import { GovernanceContract } from './governance-contract';
import { HoldContract } from './hold-contract';
import { KeyContract } from './keys-contract';
import { MatchingContract } from './matching-contract';
import { PrescriptionContract } from './prescription-contract';
import { PinContract } from './pin-contract';
import { PointerContract } from './pointer-contract';
import { RecognitionContract } from './recognition-contract';
import { RecordContract } from './record-contract';
import { ReferralContract } from './referral-contract';
import { RecoveryContract } from './recovery-contract';
import { RegistrarContract } from './registrar-contract';
import { RelationshipContract } from './relationship-contract';
import { SummaryContract } from './summary-contract';
import { type ContractName, type ContractOf } from './contract-of';

/** Every contract of the chaincode, under its name. Composed, never inherited from one another. */
export const contracts = {
  AccessContract,
  AuditContract,
  CapacityContract,
  ConsentContract,
  CopyContract,
  CorrectionContract,
  PrescriptionContract,
  DelegationContract,
  DeviceContract,
  DirectoryContract,
  EmergencyContract,
  GovernanceContract,
  HoldContract,
  KeyContract,
  MatchingContract,
  PinContract,
  PointerContract,
  RecognitionContract,
  RecordContract,
  ReferralContract,
  RecoveryContract,
  RegistrarContract,
  RelationshipContract,
  SummaryContract,
} as const satisfies { readonly [Name in ContractName]: new () => Contract & ContractOf<Name> };
