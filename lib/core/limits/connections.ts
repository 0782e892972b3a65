/** What a connection may say. */

export const DOCUMENT_LIMIT_DEFAULT = 10_000;
export const DOCUMENT_LIMIT_MAX = 1_000_000;
/** The public page says "less than 200 characters". */
export const CONTAINER_TAG_REGEX_CHARS_MAX = 199;
export const CONTAINER_TAG_CHARS_MAX = 100;
export const CONTAINER_TAGS_MAX = 50;
export const METADATA_KEYS_MAX = 100;
export const METADATA_VALUE_CHARS_MAX = 4_096;
export const CUSTOM_ID_CHARS_MAX = 255;
export const REQUEST_BODY_BYTES_MAX = 1_048_576;
/** Include globs of a connection, and exclude globs. */
export const GLOBS_MAX = 50;
export const GLOB_CHARS_MAX = 256;
export const EXTENSIONS_MAX = 100;
export const EXTENSION_CHARS_MAX = 32;
/** A certificate authority of an endpoint's own with its chain. */
export const CA_PEM_CHARS_MAX = 32_768;
/** What a person may set as the most requests a second that a store is asked. */
export const REQUESTS_PER_SECOND_MAX = 10_000;
