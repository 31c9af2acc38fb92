import type { ValueMap } from "../values";

/**
 * The commercial partition. A provider for China or GovCloud answers otherwise; the program's configuration
 * refuses their regions (terraform-provider-aws v6.58.0, internal/service/meta/partition_data_source.go).
 */
export function getPartition(): ValueMap {
  return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
}
