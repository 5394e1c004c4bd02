package dev.behalf.web.webhooks;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name; one that is an address already is its own. */
interface NameResolver {
  InetAddress[] resolve(String host) throws UnknownHostException;
}
