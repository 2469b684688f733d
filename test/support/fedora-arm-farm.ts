import type { WorldKind } from "../../runner/drill/world.ts";
import drill from "../../runbooks/koji/lost-koji-database.drill.ts";
import { drillFarm, recoveryOf, type DrillFarm, type ForkedFarm } from "./drill-farm.ts";

/** The Koji farm, as its drills have it before a disaster; one with another past where its world is given. */
export const fedoraArmFarm = (kind?: WorldKind): Promise<DrillFarm> => drillFarm(drill, kind && { kind });

export const recovery = recoveryOf(drill);

export { drill };
export type { DrillFarm, ForkedFarm } from "./drill-farm.ts";

/** Runs SQL in the hub's database, as its superuser. What it prints: a row a line, `|` between columns. */
export async function sql({ root }: ForkedFarm, text: string): Promise<string> {
  const psql = "runuser -u postgres -- psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 koji";
  return (await root("ireland", `cd /\n${psql} <<'SQL'\n${text}\nSQL`)).trim();
}

/** Has the client make a source package in /tmp, and lists it for the farm's builds. `build` is what it does when built. */
export async function makeSource({ root }: ForkedFarm, name: string, build = ":"): Promise<string> {
  await root(
    "bastion",
    `cd /tmp
    cat >${name}.spec <<'SPEC'
Name: ${name}
Version: 1
Release: 1.fc17
Summary: Made for a test
License: MIT
%description
Made for a test.
%build
${build}
%install
mkdir -p %{buildroot}/usr/share/${name}
echo ${name} >%{buildroot}/usr/share/${name}/content
%files
/usr/share/${name}
SPEC
    rpmbuild -bs --quiet --define '_srcrpmdir /tmp' ${name}.spec
    koji add-pkg --owner=kojiadmin f17 ${name} >/dev/null`,
  );
  return `/tmp/${name}-1-1.fc17.src.rpm`;
}
