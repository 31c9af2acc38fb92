import type { ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";

type Answer = (error: Partial<ServiceError> | null, response?: unknown) => void;
type Method = (call: { readonly request: unknown }, callback: Answer) => void;

/**
 * A client of a service in the same process, with the methods that gRPC's own has. The service reads the very message
 * that the caller built; nothing is written to bytes and read again. The answer comes as late as one from outside
 * would: after the caller is done.
 *
 * @param codes gRPC's names of the codes of errors
 */
export function directClient(
  service: UntypedServiceImplementation,
  codes: Readonly<Record<number, string>>,
): Record<string, unknown> {
  const methods = Object.entries(service as unknown as Record<string, Method>).map(
    ([name, method]): [string, unknown] => [
      name,
      (request: unknown, callback: Answer) =>
        method({ request }, (error, response) => {
          setImmediate(() => (error ? callback(asReceived(error, codes)) : callback(null, response)));
        }),
    ],
  );
  return { ...Object.fromEntries(methods), close: () => undefined };
}

/** An error as gRPC's client words it. */
function asReceived({ code, details = "" }: Partial<ServiceError>, codes: Readonly<Record<number, string>>) {
  return Object.assign(new Error(`${code} ${codes[code!]}: ${details}`), { code, details });
}
