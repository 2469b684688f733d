import { holds, host, hostsOf, isHost, line, role, runbook, sh, tools } from "../../../dsl/index.ts";

const builder = role("builder", { assets: ["scratch"] });
const [first, second] = [host("builder-1", builder), host("builder-2", builder)];

/** Give all builders the new certificate authority, and take them into service again. */
export default runbook(
  "runbook",
  {
    recovers: first.scratch,
    objective: { rto: "30m", rpo: "1h" },
    needs: ({ builders }) => [builders, second, tools(builders, "systemctl", "update-ca-trust")],
    params: { builders: hostsOf(builder, "The builders that get the certificate") },
  },
  ({ read, change, onEach, params: { builders } }) => {
    const digest = read("Digest of the certificate", {
      on: first,
      run: sh`sha256sum < /etc/pki/ca.pem`,
      gives: line(),
    });

    // Builders do not know of each other: any number can be changed at the same time.
    onEach(
      "All builders",
      builders,
      (each) => {
        const release = read("Release", { on: each, run: sh`cat /etc/fedora-release`, gives: line() });
        change("Trust the certificate", {
          on: each,
          effect: "idempotent",
          guard: [isHost(each), holds("it runs Fedora", sh`printf '%s\n' ${release} | grep -q Fedora`)],
          run: sh`install-certificate ${digest} ${each}`,
          verify: sh`certificate-is ${digest}`,
        });
      },
      { stopAfter: 3 },
    );

    // These two hold the queue: one of them is always up.
    onEach(
      "The two that hold the queue",
      [first, second],
      (each) =>
        change("Restart the builder's daemon", {
          on: each,
          effect: "idempotent",
          run: sh`systemctl restart kojid`,
          verify: sh`systemctl is-active kojid`,
        }),
      { atOnce: 1, stopAfter: 1 },
    );
  },
);
