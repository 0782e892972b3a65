/**
 * English words that say nothing about what is looked for, lower case and closed up as the analysis closes up
 * `don't`. Only the question drops them; texts keep them, so that phrases are found.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about am an and any are as at be been but by can cant could couldnt did didnt do does doesnt doing dont for
   from had has have having he her here hers him his how hows i if im in into is isnt it its ive just me my
   myself of on or our ours please she should so some than that thats the their theirs them then there these they
   this those to too us very was we were what whats when where which while who whom whose why will with wont would
   you your yours youre s t`.split(/\s+/),
);
