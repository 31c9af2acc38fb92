import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SuppliedKeys } from "./settings";

/** Keys of the application, complete. */
export interface ApplicationKeys {
  readonly session: pulumi.Output<string>;
  readonly nextAuth: pulumi.Output<string>;
  readonly fileEncryption: pulumi.Output<string>;
}

/** Characters of a generated key: 64 letters and digits carry more than 380 bits. */
const LENGTH = 64;

/** What decides about the keys. */
export interface KeysArgs {
  readonly supplied?: SuppliedKeys;
  /** Protect the file encryption key, which is data. */
  readonly protect: boolean;
}

/**
 * The application's three keys: the supplied one, else one that is generated once and kept in the stack's
 * state. A key is generated even where one is supplied, so that supplying one later, or taking it back,
 * deletes nothing. Only the file encryption key is data; a lost session key merely signs everybody out.
 *
 * @requirement C3
 */
export class Keys extends pulumi.ComponentResource implements ApplicationKeys {
  readonly session: pulumi.Output<string>;
  readonly nextAuth: pulumi.Output<string>;
  readonly fileEncryption: pulumi.Output<string>;

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:application:Keys", name, {}, opts);
    const { supplied = {}, protect } = args;
    this.session = this.key(`${name}-session`, supplied.session, false);
    this.nextAuth = this.key(`${name}-next-auth`, supplied.nextAuth, false);
    this.fileEncryption = this.key(`${name}-file-encryption`, supplied.fileEncryption, protect);
    this.registerOutputs();
  }

  private key(name: string, supplied: pulumi.Output<string> | undefined, protect: boolean) {
    const generated = new random.RandomPassword(
      name,
      { length: LENGTH, special: false },
      { parent: this, protect, ignoreChanges: ["length", "special"] },
    );
    return pulumi.secret(supplied ?? generated.result);
  }
}
