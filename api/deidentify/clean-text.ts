import type { DeidentificationRule, DeidentificationTally } from './deidentification-tally.ts';
import type { HeaderIdentifiers } from './header-identifiers.ts';
import { isDeviceWord, isTechnicalWord } from './technical-words.ts';

/**
 * What identifies whoever is meant, whatever the words around it; counted and cut out before words are looked at, so that no part of it
 * is taken for a word. Each pattern is linear in the text.
 */
const patterns: readonly (readonly [rule: DeidentificationRule, pattern: RegExp])[] = [
  ['MAIL', /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu],
  ['LINK', /\b(?:https?|ftp|file):\/\/\S+|\bwww\.\S+/giu],
  ['DATE', /\b\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:T[\d:.]{1,15}Z?)?\b|\b\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b|\b(?:19|20)\d{6}(?:\d{6})?\b/gu],
  ['DATE', /\b\d{1,2}(?:st|nd|rd|th|\.)?[ -]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}{0,6}\.?,?[ -]\d{2,4}\b/giu],
  ['DATE', /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}{0,6}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{2,4}\b/giu],
  ['PHONE', /(?<![\p{L}\p{N}])\+?[\d(][\d ()./-]{4,22}\d(?![\p{L}\p{N}])/gu],
  ['ADDRESS', /\b\d{1,5}[a-z]?,? (?:\p{L}{2,20} ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|court|way|square)\b\.?/giu],
  ['ADDRESS', /\b\p{L}{2,20}(?:straße|strasse|str\.|gasse|weg|platz) ?\d{1,4}[a-z]?\b/giu],
]; // biome-ignore format: a table

/** A measure with its unit; a bare number may be part of a date or of an identifier. */
const measure = /^\d{1,2}([.,]\d{1,2})?(mm|t|tesla|deg|ml)$/;
/** Sequence names that Siemens scanners make, as `*tfl3d1_16ns`. */
const siemensSequence = /^\*?(tfl|spc|spcir|spcr|tse|tir|fl|se|ep|tof|swi)\d?d?\d?(_\d{1,3}(ns)?)?$/;

/** Of a longer text the rest is cut off: an LT has at most 10,240 characters. */
const greatestText = 10_240;

export interface TextContext {
  readonly identifiers: HeaderIdentifiers | undefined;
  readonly tally: DeidentificationTally | undefined;
}
const alone: TextContext = { identifiers: undefined, tally: undefined };

/** The description with only technical words left, joined by single spaces; "" if none is. */
export function cleanDescription(text: string, context = alone): string {
  return onlyWords(text, (word) => isTechnicalWord(word) || measure.test(word) || siemensSequence.test(word), context);
}

/** The name of a maker or a model with only known words left. */
export function cleanDeviceName(text: string, context = alone): string {
  return onlyWords(text, (word) => isDeviceWord(word) || measure.test(word), context);
}

function onlyWords(text: string, isAllowed: (word: string) => boolean, { identifiers, tally }: TextContext): string {
  let rest = text.slice(0, greatestText).normalize('NFKC');
  if (/[\d@]|:\/\/|www\./i.test(rest))
    for (const [rule, pattern] of patterns)
      rest = rest.replace(pattern, (found) => {
        // "1-3", "T1/T2 2.5": what the words would keep anyway is no date and no number of a telephone.
        if (rule === 'PHONE' && found.replace(/\D/g, '').length < 6) return found;
        tally?.rule(rule);
        return ' ';
      });
  const isKept = (token: string): boolean => {
    if (token === '') return false;
    if (identifiers?.has(token)) {
      tally?.rule('HEADER_IDENTIFIER');
      return false;
    }
    return isAllowed(token.toLowerCase());
  };
  const words: string[] = [];
  for (const token of rest.split(/[\s,;:()[\]^=&]+/)) {
    if (isAllowed(token.toLowerCase()) && !identifiers?.has(token)) words.push(token);
    else
      for (const part of token.split(/[_/.-]+/)) {
        if (isKept(part)) words.push(part);
        else if (part !== '' && !identifiers?.has(part)) tally?.rule(/\d/.test(part) ? 'NUMBER' : 'UNKNOWN_WORD');
      }
  }
  return words.join(' ');
}
