import { hostOf, isHost, role, runbook, sh } from "../../../dsl/index.ts";

const server = role("web-server", { assets: ["site"] });

/** Put the site back on any web server. */
export default runbook(
  "runbook",
  {
    recovers: ({ server }) => server.site,
    objective: { rto: "10m", rpo: "30d" },
    params: { server: hostOf(server, "The server whose site is lost") },
  },
  ({ change, params: { server } }) => {
    change("Unpack the site", {
      on: server,
      effect: "idempotent",
      guard: [isHost(server)],
      run: sh`unpack-site ${server}`,
      verify: sh`[ -e /srv/site/index.html ]`,
    });
  },
);
