/** Synthetic keys that look like a company's folders, in byte order by construction, each computed from its number. */
const DEPARTMENTS = [
  "accounting",
  "board",
  "contracts",
  "customers",
  "engineering",
  "facilities",
  "finance",
  "human-resources",
  "legal",
  "logistics",
  "marketing",
  "operations",
  "procurement",
  "product",
  "quality",
  "research",
  "sales",
  "security",
  "support",
  "training",
];
const YEARS = 10;
const FIRST_YEAR = 2016;
const MONTHS = 12;
const FILES_A_FOLDER = 100;
const FOLDER_DIGITS = 5;
const FILE_DIGITS = 2;
const SUBJECTS = ["agreement", "invoice", "letter", "minutes", "note", "order", "plan", "report", "review"];
const SHAPE = /\/folder-(\d+)\/(\d+)-[a-z]+\.[a-z]+$/;

/**
 * `count` keys, numbered from 0 in byte order, such as `legal/2019/07/folder-00412/37-report.txt`. Spread over all
 * departments, years and months whatever the count is. Only letters that no encoding changes.
 */
export class Keys {
  constructor(count, ending) {
    this.count = count;
    this.ending = ending;
    this.folderCount = Math.ceil(count / FILES_A_FOLDER);
  }

  keyOf(number) {
    const folder = Math.floor(number / FILES_A_FOLDER);
    const file = number % FILES_A_FOLDER;
    const name = `${padded(file, FILE_DIGITS)}-${SUBJECTS[(folder + file) % SUBJECTS.length]}.${this.ending}`;
    return `${this.#path(folder)}/folder-${padded(folder, FOLDER_DIGITS)}/${name}`;
  }

  /** The number of a key; null for one that is none of these. */
  numberOf(key) {
    const found = SHAPE.exec(key);
    if (found === null) return null;
    const number = Number(found[1]) * FILES_A_FOLDER + Number(found[2]);
    return number < this.count && this.keyOf(number) === key ? number : null;
  }

  /** How many keys stand before this text, in byte order: the number of the first key at or after it. */
  countBefore(text) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keyOf(middle) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Month, year and department are the digits of the folder's place among all folders. */
  #path(folder) {
    const place = Math.floor((folder * DEPARTMENTS.length * YEARS * MONTHS) / this.folderCount);
    const month = (place % MONTHS) + 1;
    const year = FIRST_YEAR + (Math.floor(place / MONTHS) % YEARS);
    return `${DEPARTMENTS[Math.floor(place / (MONTHS * YEARS))]}/${year}/${padded(month, 2)}`;
  }
}

function padded(number, digits) {
  return String(number).padStart(digits, "0");
}
