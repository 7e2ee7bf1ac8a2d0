package io.heddle.node.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the newest certificate. A handshake first chooses an alias and then asks for what it
/// stands for; as the files may change in between, an alias bears the number of the reading that it
/// is from, and the last two readings are at hand.
final class NewestKeys extends X509ExtendedKeyManager {

  private record Reading(long number, X509ExtendedKeyManager keys) {}

  private volatile Reading newest;
  private volatile Reading former;

  NewestKeys(X509ExtendedKeyManager first) {
    newest = new Reading(0, first);
    former = newest;
  }

  synchronized void replace(X509ExtendedKeyManager next) {
    former = newest;
    newest = new Reading(newest.number() + 1, next);
  }

  private @Nullable String choose(Function<X509ExtendedKeyManager, @Nullable String> choice) {
    Reading now = newest;
    String alias = choice.apply(now.keys());
    return alias == null ? null : now.number() + "/" + alias;
  }

  private String @Nullable [] list(Function<X509ExtendedKeyManager, String @Nullable []> listing) {
    Reading now = newest;
    String[] aliases = listing.apply(now.keys());
    return aliases == null
        ? null
        : Stream.of(aliases).map(alias -> now.number() + "/" + alias).toArray(String[]::new);
  }

  private <T> @Nullable T find(@Nullable String alias, Function<Named, @Nullable T> finding) {
    if (alias == null) {
      return null;
    }
    int slash = alias.indexOf('/');
    for (Reading reading : new Reading[] {newest, former}) {
      if (slash > 0 && alias.substring(0, slash).equals(Long.toString(reading.number()))) {
        return finding.apply(new Named(reading.keys(), alias.substring(slash + 1)));
      }
    }
    return null;
  }

  private record Named(X509ExtendedKeyManager keys, String alias) {}

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    return find(alias, named -> named.keys().getCertificateChain(named.alias()));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return find(alias, named -> named.keys().getPrivateKey(named.alias()));
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keys -> keys.chooseEngineClientAlias(keyTypes, issuers, engine));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keys -> keys.chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keys -> keys.chooseClientAlias(keyTypes, issuers, socket));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keys -> keys.chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return list(keys -> keys.getClientAliases(keyType, issuers));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return list(keys -> keys.getServerAliases(keyType, issuers));
  }
}
