/** The smallest policy with which Sluice can list a bucket's prefix and read what is below it, as JSON to paste. */
export function iamPolicy(args: { bucket: string; prefix: string; region: string }): string {
  const bucketArn = `arn:${partitionOf(args.region)}:s3:::${args.bucket || "your-bucket-name"}`;
  const below = `${literal(args.prefix)}*`;
  const list = {
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: [bucketArn],
    ...(args.prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": [below] } } }),
  };
  const read = { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${bucketArn}/${below}`] };
  return JSON.stringify({ Version: "2012-10-17", Statement: [list, read] }, null, 2);
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
}

/** In a policy `*`, `?` and `$` stand for something else; IAM writes the characters themselves as policy variables. */
function literal(prefix: string): string {
  return prefix.replace(/[*?$]/g, (character) => `\${${character}}`);
}
