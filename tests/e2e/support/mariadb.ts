import { startMariadb } from '../../support/mariadb.ts';

/** Before and after the files that run on MariaDB: a server at the socket that their configuration names. */
export default function setup(project: {
  config: { env: Record<string, unknown> };
}): Promise<() => Promise<void>> {
  return startMariadb(String(project.config.env.HONGYAN_TEST_MYSQL_SOCKET));
}
