import { z } from 'zod';
import { denyReasonCodes } from './errors/table';

/** In statistics what is fewer is not told, nor what it could be reckoned from: few are somebody's. */
export const LEAST_TOLD = 5;

/** Kinds of organisation; what an organisation is decides which roles it may assert. */
export const organisationKinds = ['hospital', 'laboratory', 'pharmacy', 'insurer', 'research-institute', 'health-authority'] as const;
/** Roles of staff. An MSP asserts them; {@link roleOrganisationKinds} says which MSP may assert which. */
export const roles = [
  'registrar',
  'clinician',
  'nurse',
  'pharmacist',
  'lab',
  'recordAdmin',
  'keyService',
  'privacyOfficer',
  'hrAdmin',
  'orgAdmin',
  'researcher',
  'ethics',
  'regulator',
  'monitor',
] as const;
/** Purposes of use for which a patient can let somebody read: HL7 v3 PurposeOfUse (2.16.840.1.113883.5.8). */
export const consentPurposes = ['TREAT', 'ETREAT', 'HRESCH', 'HPAYMT', 'HOPERAT', 'PATRQT', 'PUBHLTH'] as const;
/**
 * Purposes that may be asked for, so that the asking is committed, and that no consent opens: consent given to an employer or an insurer who
 * decides on oneself is given under pressure. Codes of this house, for HL7 v3 PurposeOfUse has none for either (ADR 0058).
 */
export const closedPurposes = ['EMPLOYMENT', 'UNDERWRITING'] as const;
/** Every purpose that may be asked for. */
export const purposes = [...consentPurposes, ...closedPurposes] as const;
/** Coarse classes of records: all the ledger may know of a record's content. */
export const recordClasses = [
  'laboratory-report',
  'imaging-report',
  // which study it is, of when, of which part of the body, and where its images are fetched
  'imaging-index',
  'clinical-document',
  'prescription',
  'consent-document',
  'audit-document',
  'patient-summary',
  'observation',
  'administrative',
  'history',
  'other',
] as const;
/** The six categories of health data of GB/T 39725-2020 §6.1. */
const dataCategories = [
  'personal-attribute',
  'health-status',
  'medical-application',
  'medical-payment',
  'health-resource',
  'public-health',
] as const;
/** HL7 v3 Confidentiality (2.16.840.1.113883.5.25), from unrestricted to very restricted. */
export const confidentialities = ['U', 'L', 'M', 'N', 'R', 'V'] as const;

/** What is opened without a consent in an emergency: the summary that was prepared for it first, and anything else only then. */
export const emergencyScopes = ['dataset', 'full'] as const;

export const organisationKindSchema = z.enum(organisationKinds);
export const roleSchema = z.enum(roles);
export const purposeSchema = z.enum(purposes);
export const consentPurposeSchema = z.enum(consentPurposes);
export const recordClassSchema = z.enum(recordClasses);
export const emergencyScopeSchema = z.enum(emergencyScopes);
export const dataCategorySchema = z.enum(dataCategories);
export const confidentialitySchema = z.enum(confidentialities);
/** Data level 1 (open) to 5 (strictest) of GB/T 39725-2020 §6.2. */
export const dataLevelSchema = z.literal([1, 2, 3, 4, 5]);

export type OrganisationKind = z.output<typeof organisationKindSchema>;
export type Role = z.output<typeof roleSchema>;
export type Purpose = z.output<typeof purposeSchema>;
export type ConsentPurpose = z.output<typeof consentPurposeSchema>;
export type RecordClass = z.output<typeof recordClassSchema>;
export type EmergencyScope = z.output<typeof emergencyScopeSchema>;
export type DataCategory = z.output<typeof dataCategorySchema>;
export type Confidentiality = z.output<typeof confidentialitySchema>;
export type DataLevel = z.output<typeof dataLevelSchema>;

export const denyReasonSchema = z.enum(denyReasonCodes);
