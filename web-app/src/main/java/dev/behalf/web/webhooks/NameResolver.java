package dev.behalf.web.webhooks;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Resolves host names to addresses; a literal address resolves to itself. */
interface NameResolver {
  InetAddress[] resolve(String host) throws UnknownHostException;
}
