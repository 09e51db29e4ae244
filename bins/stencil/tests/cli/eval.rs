//! The value of one expression.

use duat_tests::Scene;

use crate::evaluates;

#[test]
fn an_expression_is_printed() {
    evaluates("1 + 2", &[], "3");
    evaluates("a.b ~ \"!\"", &["--set", "a.b=x"], "x!");
    evaluates("--", &["-1"], "-1");
    evaluates("[1, \"a\", true]", &[], "[1, \"a\", true]");
    evaluates("a | upper", &["--set", "a=x", "--delims", "[[ ]]"], "X");
}

#[test]
fn an_expression_that_is_none_is_shown() {
    let scene = Scene::new();
    scene
        .stencil(["eval", "1 +"])
        .run()
        .fails(1)
        .says(" --> expression:1:8\n");
    scene.stencil(["eval"]).run().fails(2).says("<EXPRESSION>");
    scene
        .stencil(["eval", "x"])
        .run()
        .fails(1)
        .says("error: `x` is not defined\n");
}
