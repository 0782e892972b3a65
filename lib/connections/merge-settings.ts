import { invalidInput } from "@/lib/core/errors";
import { defaultAddressingStyle } from "@/lib/rules/addressing";
import { compileFilters } from "@/lib/rules/filters";
import type { ConnectionSettings } from "./columns";
import type { ChangeConnectionInput } from "./schema";

/**
 * The settings after a change. A new bucket or endpoint brings its usual addressing style unless one is said, and so
 * does taking the style away. Throws `invalid_input` where what is said does not go with what stays.
 */
export function mergeSettings(former: ConnectionSettings, input: ChangeConnectionInput): ConnectionSettings {
  const bucket = input.bucket ?? former.bucket;
  const endpoint = said(input.endpoint, former.endpoint);
  const isElsewhere = bucket !== former.bucket || endpoint !== former.endpoint;
  const addressingStyle = said(input.addressingStyle, isElsewhere ? null : former.addressingStyle);
  const { filters: some = {} } = input;
  const filters = {
    includeGlobs: some.includeGlobs ?? former.filters.includeGlobs,
    excludeGlobs: some.excludeGlobs ?? former.filters.excludeGlobs,
    extensions: some.extensions ?? former.filters.extensions,
    sizeBytesMin: said(some.sizeBytesMin, former.filters.sizeBytesMin),
    sizeBytesMax: said(some.sizeBytesMax, former.filters.sizeBytesMax),
  };
  const compiled = compileFilters(filters);
  if ("problem" in compiled) throw invalidInput(`metadata.${compiled.field}`, compiled.problem);
  return {
    bucket,
    endpoint,
    region: input.region ?? former.region,
    addressingStyle: addressingStyle ?? defaultAddressingStyle({ endpoint, bucket }),
    caPem: said(input.caPem, former.caPem),
    credentialsKind: input.credentials?.kind ?? former.credentialsKind,
    prefix: input.prefix ?? former.prefix,
    filters,
    containerTagRegex: said(input.containerTagRegex, former.containerTagRegex),
    tagFallback: input.tagFallback ?? former.tagFallback,
    containerTags: input.containerTags ?? former.containerTags,
    documentLimit: input.documentLimit ?? former.documentLimit,
    deletionPolicy: input.deletionPolicy ?? former.deletionPolicy,
    requestRateMax: said(input.requestRateMax, former.requestRateMax),
    schedule: input.schedule ?? former.schedule,
  };
}

/** Null is said; undefined is not. */
function said<Value>(value: Value | undefined, former: Value): Value {
  return value === undefined ? former : value;
}

/** What is another way: where and how the bucket is reached, which objects belong and under which tags, and when. */
export type SettingsDifference = {
  isElsewhere: boolean;
  isReachNew: boolean;
  isScopeNew: boolean;
  isScheduleNew: boolean;
};

export function compareSettings(former: ConnectionSettings, next: ConnectionSettings): SettingsDifference {
  const differs = (...names: (keyof ConnectionSettings)[]) =>
    names.some((name) => JSON.stringify(former[name]) !== JSON.stringify(next[name]));
  const isElsewhere = differs("bucket", "endpoint");
  const isReachNew = isElsewhere || differs("region", "addressingStyle", "caPem", "prefix");
  return {
    isElsewhere,
    isReachNew,
    isScopeNew: isReachNew || differs("filters", "containerTagRegex", "tagFallback", "containerTags"),
    isScheduleNew: differs("schedule"),
  };
}
