export { htmlOf } from './html';
export { type PageBlock, type PageLanguage, type LaidOutPage } from './reading/page';
export { type Known, layOut, pageOfText } from './page-of';
export { readForDisplay } from './read-document';
