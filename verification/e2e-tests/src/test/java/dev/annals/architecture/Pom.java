package dev.annals.architecture;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What a pom.xml declares itself, profiles and management left out. */
record Pom(String artifactId, List<String> modules, List<Dependency> dependencies) {

    record Dependency(String groupId, String artifactId, String scope) {

        boolean isOurs() {
            return groupId.equals("dev.annals");
        }

        boolean isMain() {
            return !scope.equals("test");
        }
    }

    static Pom parse(String xml) throws IOException {
        Element project = document(xml);
        return new Pom(
                text(project, "artifactId", ""),
                children(child(project, "modules")).stream()
                        .map(Element::getTextContent)
                        .toList(),
                children(child(project, "dependencies")).stream()
                        .map(Pom::dependency)
                        .toList());
    }

    private static Dependency dependency(Element element) {
        return new Dependency(
                text(element, "groupId", ""), text(element, "artifactId", ""), text(element, "scope", "compile"));
    }

    private static Element document(String xml) throws IOException {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a pom", e);
        }
    }

    private static String text(Element parent, String name, String otherwise) {
        Element child = child(parent, name);
        return child == null ? otherwise : child.getTextContent().strip();
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getTagName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
