package io.heddle.demo;

import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import java.util.UUID;

/// What the tenant of the tour owns: a shop with web servers and a database, and beside it another
/// VPC with the very same addresses.
///
/// Everybody may ping `web` machines and those may talk TCP among themselves; `db` machines admit
/// PostgreSQL from `web` machines, and nothing else.
record Cloud(UUID web, UUID db, Nic web1, Nic web2, Nic web3, Nic db1, Nic rival1) {

  static final String CIDR = "10.0.0.0/16";
  static final String FRONT = "10.0.1.0/24";
  static final String BACK = "10.0.2.0/24";
  static final int POSTGRES = 5432;

  private static final String EGRESS = "{\"direction\":\"egress\"}";

  static Cloud create(Tenant tenant) {
    UUID shop = tenant.vpc("shop", CIDR);
    UUID front = tenant.subnet(shop, "front", FRONT);
    UUID back = tenant.subnet(shop, "back", BACK);
    UUID web =
        tenant.group(shop, "web", EGRESS, "{\"direction\":\"ingress\",\"protocol\":\"icmp\"}");
    tenant.allow(
        web,
        "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"remoteGroupId\":\"%s\"}".formatted(web));
    UUID db = tenant.group(shop, "db", EGRESS, postgresFrom(web));
    Nic web1 = tenant.port(front, "web1", web);
    Nic web2 = tenant.port(front, "web2", web);
    Nic web3 = tenant.port(front, "web3", web);
    Nic db1 = tenant.port(back, "db1", db);
    UUID rival = tenant.vpc("rival", CIDR);
    Nic rival1 = tenant.port(tenant.subnet(rival, "front", FRONT), "rival1");
    return new Cloud(web, db, web1, web2, web3, db1, rival1);
  }

  static String postgresFrom(UUID group) {
    return "{\"direction\":\"ingress\",\"protocol\":\"tcp\",\"portFrom\":%d,\"remoteGroupId\":\"%s\"}"
        .formatted(POSTGRES, group);
  }
}
