/** Texts that read like English, each computed from its number, each with one word that no other text has. */
const COMMON = (
  "the of and to in is for on with as by at from this that it be are was an or not have has will which their all our its " +
  "when after before under between about into over each other more new first last same"
).split(" ");
const NAMED = (
  "account address advance agreement amount annual answer approval archive article audit balance board branch bridge " +
  "budget building calendar capital carrier certificate chapter claim clause client committee company condition contract " +
  "cost council country course credit customer deadline deadlock delivery deposit design detail director discount district " +
  "document draft drawing duty employee engine equipment estate estimate evidence example expense factory figure forecast " +
  "foundation freight garden guarantee harbour hearing holiday hospital income index industry inspection insurance interest " +
  "inventory invoice journal journey kitchen laboratory language ledger letter library licence machine manual margin market " +
  "material measure meeting member merchant minute mortgage museum network notice number object office officer opinion order " +
  "owner package paper parcel partner payment pension permit picture pipeline plan platform policy portfolio premium price " +
  "principle printer process product profit programme project property proposal protocol quality quantity quarter question " +
  "railway receipt record refund region register regulation rental repair report request reserve result review river safety " +
  "salary sample schedule season section sector service session shipment signature statement station storage street subject " +
  "supplier surface survey system target tariff teacher technical template tenant terminal theatre ticket timber title tool " +
  "township trade traffic training transfer transport treasury treaty tunnel union university valley value vehicle vendor " +
  "venture village visitor voucher wagon warehouse warranty water weather window winter witness workshop yard"
).split(" ");
const MADE_UP_WORDS = 6_000;
const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aiou";
const SYLLABLES = [...CONSONANTS].flatMap((consonant) => [...VOWELS].map((vowel) => consonant + vowel));
const MADE_UP = Array.from({ length: MADE_UP_WORDS }, (_, number) => `${syllables(number * 37 + 11, 3)}n`);
const RARE_SYLLABLES = 4;
const RARE_WORDS = SYLLABLES.length ** RARE_SYLLABLES;
/** Shares no factor with RARE_WORDS, so that no two numbers have the same word. */
const RARE_STRIDE = 1_234_577;
const EDITION_DIGITS = 6;

/** A word that stands in every text. */
export const WORD_OF_ALL = "edition";

/** What one size of texts is called by. `small` is what the page server serves; `letter` is what a real server holds. */
export const TEXT_SIZES = {
  small: { bytesMin: 300, bytesMax: 500 },
  letter: { bytesMin: 1_024, bytesMax: 4_096 },
};

/** The word that only the text of this number has. No stemmer shortens it. */
export function rareWordOf(number) {
  return `q${syllables((number * RARE_STRIDE) % RARE_WORDS, RARE_SYLLABLES)}x`;
}

/**
 * The text of a number, ASCII, between the size's bounds. Another generation is another text of the same length, so
 * that only the ETag tells them apart.
 */
export function textOf(number, generation, { bytesMin, bytesMax }) {
  const next = sequence(number);
  const length = bytesMin + (next() % (bytesMax - bytesMin));
  const edition = String(generation).padStart(EDITION_DIGITS, "0");
  let text = `The ${wordFrom(next)} of the ${rareWordOf(number)} ${wordFrom(next)}, ${WORD_OF_ALL} ${edition}.\n\n`;
  for (let words = 1; text.length < length; words++) {
    const word = next() % 5 < 2 ? COMMON[next() % COMMON.length] : wordFrom(next);
    text += words % 14 === 0 ? `${word}.\n` : `${word} `;
  }
  return `${text.slice(0, length - 2)}.\n`;
}

/** Half of the words are common to many texts, the others to few. */
function wordFrom(next) {
  const drawn = next();
  return drawn % 2 === 0 ? NAMED[(drawn >>> 1) % NAMED.length] : MADE_UP[(drawn >>> 1) % MADE_UP_WORDS];
}

function syllables(number, count) {
  let word = "";
  for (let left = number, at = 0; at < count; at++) {
    word += SYLLABLES[left % SYLLABLES.length];
    left = Math.floor(left / SYLLABLES.length);
  }
  return word;
}

/** Numbers of 31 bits, the same for the same seed. */
function sequence(seed) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 1;
  };
}
