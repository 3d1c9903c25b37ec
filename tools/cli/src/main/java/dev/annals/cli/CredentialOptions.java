package dev.annals.cli;

import dev.annals.operations.Credentials;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a command shows services that it is. The token itself is no option: everybody on the machine sees arguments. */
final class CredentialOptions {

    private static final String TOKEN_VARIABLE = "ANNALS_TOKEN";

    @Option(
            names = "--token-file",
            order = Action.SERVICE,
            paramLabel = "FILE",
            description = "File with a token for services that ask for one (default: the token in ANNALS_TOKEN)")
    private @Nullable Path tokenFile;

    @Option(
            names = "--cacert",
            order = Action.SERVICE,
            paramLabel = "FILE",
            description = "Certificate authorities in PEM, to trust in https addresses (default: those of the JDK)")
    private @Nullable Path authorities;

    Credentials read(Target target) {
        Credentials credentials = authorities == null ? Credentials.NONE : Credentials.NONE.trusting(authorities);
        if (tokenFile != null) {
            return credentials.withTokenOf(tokenFile);
        }
        String token = target.variable(TOKEN_VARIABLE);
        return token == null ? credentials : credentials.withToken(TOKEN_VARIABLE, token);
    }
}
