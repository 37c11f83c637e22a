from terakoya.node.cli import main

main()
