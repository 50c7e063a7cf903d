import { decodeHTMLStrict } from 'entities';

const ENTITY = /&#?[0-9A-Za-z]{1,24};/g;

/**
 * Decodes entities that end in a semicolon, and the upper-case spelling of lower-case names where that means nothing
 * else (`&EACUTE;`), as ftfy does; what is no entity stays.
 */
export const decodeEntitiesWithSemicolon = (text: string): string =>
  text.replace(ENTITY, (entity) => {
    const decoded = decodeHTMLStrict(entity);
    if (decoded !== entity || entity.startsWith('&#') || entity !== entity.toUpperCase()) return decoded;
    const ofLowerCase = decodeHTMLStrict(entity.toLowerCase());
    return ofLowerCase === entity.toLowerCase() ? entity : ofLowerCase.toUpperCase();
  });
