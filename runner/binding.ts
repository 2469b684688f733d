/**
 * Where the hosts are. The only thing that differs between a drill and production: a JSON file given at run time.
 *
 *     { "v": 1, "hosts": { "db1": { "role": "database-server", "address": "10.0.0.5", "user": "admin",
 *       "jump": "bastion", "become": "sudo", "hostKeys": ["ssh-ed25519 AAAA…"] }, … } }
 */
export interface Binding {
  readonly v: 1;
  readonly hosts: Readonly<Record<string, BoundHost>>;
}

export interface BoundHost {
  /** What the host is there for. A host parameter accepts only hosts of its role. */
  readonly role: string;
  /** Name or address that ssh connects to (from the jump host, where there is one). */
  readonly address: string;
  /** 22 where left out. */
  readonly port?: number;
  /** The account that logs in; the caller's own name where left out. */
  readonly user?: string;
  /** Private key file, relative to the binding's folder; ssh's agent and defaults where left out. */
  readonly identity?: string;
  /** Another host of this binding that the connection goes through. */
  readonly jump?: string;
  /** How the account becomes root. `none`: it is root already. `sudo` where left out. */
  readonly become?: "sudo" | "none";
  /** The pin: the host's public keys, `type base64`, of which one must be presented. At least one. */
  readonly hostKeys: readonly string[];
  /** The host's /etc/machine-id, where it is to be checked as well. */
  readonly machineId?: string;
}
