import { z } from 'zod';
import { denyReasonCodes } from '../errors/table';

export const denyReasonSchema = z.enum(denyReasonCodes);
