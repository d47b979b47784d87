import { describeEmbeddedCases } from './embedded-cases';

describeEmbeddedCases('1.11');
