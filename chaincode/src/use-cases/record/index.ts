import { type recordArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { anchorRecord } from './anchor-record';
import { amendRecord, retractRecord } from './change-record';
import { getRecord, getRecordVersion, listRecords } from './read-records';

/** What each transaction of the area does. */
export const recordUseCases = {
  AnchorRecord: anchorRecord,
  AmendRecord: amendRecord,
  RetractRecord: retractRecord,
  GetRecord: getRecord,
  GetRecordVersion: getRecordVersion,
  ListRecords: listRecords,
} satisfies UseCases<(typeof recordArea)['transactions']>;
